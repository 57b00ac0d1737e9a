import { Empty, Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";

import type { RFQ, RFQLine } from "@/features/rfqs/rfqs";
import { useFormat } from "@/shared/format";

/** What the RFQ asks for. Thousands of lines stay smooth: only what is in view is drawn. */
export function RFQLines({ rfq }: { rfq: RFQ }) {
  const { t } = useTranslation();
  return (
    <Table<RFQLine>
      virtual
      rowKey="id"
      size="small"
      columns={useColumns(rfq.currency)}
      dataSource={rfq.lines}
      pagination={false}
      scroll={{ x: 900, y: 480 }}
      locale={{ emptyText: <Empty description={t("rfq.noLines")} /> }}
    />
  );
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
