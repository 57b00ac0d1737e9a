import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { type RFQ, type RFQLine, rfqs } from "@/features/rfqs/rfqs";
import { useFormat } from "@/shared/format";
import { type ListColumn, ListGrid } from "@/shared/grid/ListGrid";

/** What the RFQ asks for. */
export function RFQLines({ rfq }: { rfq: RFQ }) {
  const { t } = useTranslation();
  const lines = useInfiniteQuery(rfqs.lines(rfq));
  return <ListGrid<RFQLine> label={t("rfq.lines")} list={lines} columns={useColumns(rfq.currency)} none={t("rfq.noLines")} />;
}

function useColumns(currency: string): ListColumn<RFQLine>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { key: "number", title: t("line.number"), width: 64, text: (line) => String(line.number) },
    { key: "code", title: t("line.code"), width: 120, text: (line) => line.code },
    { key: "item", title: t("line.item"), width: 280, text: (line) => line.item },
    { key: "section", title: t("line.section"), width: 140, text: (line) => line.section },
    { key: "quantity", title: t("line.quantity"), width: 110, isNumber: true, text: (line) => format.decimal(line.quantity) },
    { key: "unit", title: t("line.unit"), width: 90, text: (line) => line.unit_label },
    {
      key: "estimate",
      title: t("line.estimate"),
      width: 170,
      isNumber: true,
      text: (line) => format.money(line.estimate_unit_price, currency),
    },
  ];
}
