import { useQuery } from "@tanstack/react-query";
import { Empty, Spin, Timeline } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useFormat } from "@/shared/format";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { Difference } from "@/shared/uploads/Difference";
import { tables } from "@/shared/uploads/tables";

/** What tables that people brought changed of a document, the latest first. */
export function UploadChanges({ document }: { document: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, isPending } = useQuery(tables.changes(document));
  if (isPending) return <Spin />;
  if (!data) return <ProblemAlert error={error} />;
  if (!data.results.length) return <Empty description={t("changes.none")} image={Empty.PRESENTED_IMAGE_SIMPLE} />;
  return (
    <Timeline
      items={data.results.map((one) => ({
        key: `${one.upload} ${one.row}`,
        content: (
          <>
            <Link to={`/uploads/${one.upload}`}>{one.filename}</Link> · {t("changes.row", { row: one.row })}
            <div className="quiet">
              {one.by ?? t("journal.clock")} · {format.instant(one.at)}
            </div>
            {one.changes.length ? <Difference changes={one.changes} /> : <div>{t("changes.new")}</div>}
          </>
        ),
      }))}
    />
  );
}
