import { useQuery } from "@tanstack/react-query";
import { Spin, Timeline } from "antd";
import { useTranslation } from "react-i18next";

import { rfqs } from "@/features/rfqs/rfqs";
import { useFormat } from "@/shared/format";
import { ProblemAlert } from "@/shared/ProblemAlert";

/** Everything that happened to the RFQ, first entry first. */
export function RFQJournal({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, isPending } = useQuery(rfqs.journal(id));
  if (isPending) return <Spin />;
  if (!data) return <ProblemAlert error={error} />;
  return (
    <Timeline
      items={data.results.map((entry) => ({
        key: entry.sequence,
        content: (
          <>
            <strong>{entry.label}</strong> · {entry.by ?? entry.organisation ?? t("journal.clock")}
            <div>{format.instant(entry.at)}</div>
            {entry.reason && <div>{entry.reason}</div>}
          </>
        ),
      }))}
    />
  );
}
