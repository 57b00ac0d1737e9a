import { Empty, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type Missing, type Upload, uploads } from "@/features/uploads/uploads";
import type { Place } from "@/shared/grid/keys";
import { usePages } from "@/shared/grid/pages";
import { VirtualGrid } from "@/shared/grid/VirtualGrid";
import { ProblemAlert } from "@/shared/ProblemAlert";

/** What becomes, or became, of what is missing. */
function useFate(upload: Upload): string {
  const { t } = useTranslation();
  if (upload.state === "applied" && (upload.replaces || upload.counts.missing)) return t("missing.gone");
  if (upload.editable && upload.replaces) return t("missing.goes");
  return upload.editable && upload.can_delist ? t("missing.mayDelist") : t("missing.stays");
}

/** What is there and not in the table. */
export function MissingGrid({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const fate = useFate(upload);
  const pages = usePages(uploads.missing(upload));
  if (pages.error) return <ProblemAlert error={pages.error} />;
  if (pages.isPending) return <Spin />;
  return (
    <>
      <p className="quiet">{fate}</p>
      <VirtualGrid<Missing>
        label={t("outcome.missing")}
        count={pages.count ?? 0}
        columns={[
          { key: "key", title: t("missing.key"), width: 180, stays: true },
          { key: "label", title: t("missing.label"), width: 300 },
        ]}
        rowAt={pages.rowAt}
        cell={(row, key) => ({ content: key === "key" ? row.key : row.label })}
        active={active}
        onActive={setActive}
        onVisible={pages.onVisible}
        empty={<Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("review.none")} />}
      />
    </>
  );
}
