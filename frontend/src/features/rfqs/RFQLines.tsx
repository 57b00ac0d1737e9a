import { useInfiniteQuery } from "@tanstack/react-query";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";

import { type RFQ, type RFQLine, rfqs } from "@/features/rfqs/rfqs";
import { useFormat } from "@/shared/format";
import { ListRows } from "@/shared/ListPage";

/** What the RFQ asks for. Thousands of lines stay smooth: only what is in view is drawn. */
export function RFQLines({ rfq }: { rfq: RFQ }) {
  const { t } = useTranslation();
  const lines = useInfiniteQuery(rfqs.lines(rfq));
  return <ListRows<RFQLine> list={lines} columns={useColumns(rfq.currency)} none={t("rfq.noLines")} height={480} width={900} />;
}

function useColumns(currency: string): TableColumnsType<RFQLine> {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { title: t("line.number"), dataIndex: "number", width: 70 },
    { title: t("line.code"), dataIndex: "code", width: 120 },
    { title: t("line.item"), dataIndex: "item", ellipsis: true },
    { title: t("line.section"), dataIndex: "section", width: 160, ellipsis: true },
    { title: t("line.quantity"), className: "number", width: 120, render: (_, line) => format.decimal(line.quantity) },
    { title: t("line.unit"), dataIndex: "unit_label", width: 90, ellipsis: true },
    {
      title: t("line.estimate"),
      className: "number",
      width: 150,
      render: (_, line) => format.money(line.estimate_unit_price, currency),
    },
  ];
}
