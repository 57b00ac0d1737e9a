import { useQuery } from "@tanstack/react-query";
import { Spin, Timeline } from "antd";
import { useTranslation } from "react-i18next";

import { get, type Schema } from "@/api/client";
import { useFormat } from "@/shared/format";
import { ProblemAlert } from "@/shared/ProblemAlert";

type Entries = { results: Schema["JournalEntry"][] };

type Props = {
  /** The document's own link to its journal. */
  url: string;
  /** Read anew when the document moves on. */
  version: number;
};

/** Everything that happened to a document, first entry first. */
export function Journal({ url, version }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, isPending } = useQuery({ queryKey: ["journal", url, version], queryFn: () => get<Entries>(url) });
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
