import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Collapse, Descriptions, Empty, Input, Spin, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { type Price, type PriceList, priceLists } from "@/features/prices/priceLists";
import { useFormat } from "@/shared/format";
import { Journal } from "@/shared/Journal";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";
import { StepBar } from "@/shared/StepBar";
import { BringTable } from "@/shared/uploads/BringTable";
import { TableLinks } from "@/shared/uploads/TableLinks";
import { UploadChanges } from "@/shared/uploads/UploadChanges";

const FORMAT = "prices";

/** One price list with its tiers, and the tables that come and go for it. */
export function PriceListPage() {
  const { id = "" } = useParams();
  const { data: list, error, isPending } = useQuery(priceLists.one(id));
  if (isPending) return <Spin size="large" />;
  if (!list) return <ProblemAlert error={error} />;
  return <Loaded list={list} />;
}

function Loaded({ list }: { list: PriceList }) {
  const { t } = useTranslation();
  const format = useFormat();
  const cache = useQueryClient();
  const show = (now: PriceList) => {
    cache.setQueryData(priceLists.one(list.id).queryKey, now);
    void cache.invalidateQueries({ queryKey: priceLists.all });
  };
  return (
    <>
      <nav aria-label={t("frame.breadcrumb")} className="breadcrumb">
        <Link to="/price-lists">{t("priceLists.title")}</Link>
      </nav>
      <div className="page-head">
        <h1>{list.name || list.number}</h1>
        <StateTag state={list.state} label={list.state_label} />
        <span className="page-actions">
          <TableLinks format={FORMAT} target={list.id} />
          {list.editable && <BringTable format={FORMAT} target={list.id} />}
        </span>
      </div>
      <StepBar<PriceList> steps={list.steps} version={list.version} onTaken={show} />
      <Descriptions
        bordered
        size="small"
        column={{ xs: 1, md: 3 }}
        items={[
          { key: "supplier", label: t("catalogue.supplier"), children: list.supplier_name },
          { key: "currency", label: t("priceLists.currency"), children: list.currency },
          { key: "valid", label: t("priceLists.valid"), children: `${format.day(list.valid_from)} – ${format.day(list.valid_until)}` },
        ]}
      />
      <Prices list={list} />
      <Collapse
        ghost
        className="section"
        items={[
          { key: "changes", label: t("catalogue.changes"), children: <UploadChanges document={list.id} /> },
          { key: "journal", label: t("upload.journal"), children: <Journal url={list.links.journal} version={list.version} /> },
        ]}
      />
    </>
  );
}

function Prices({ list }: { list: PriceList }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const found = useInfiniteQuery(priceLists.prices(list, text));
  return (
    <section className="section">
      <div className="filters">
        <Input.Search
          allowClear
          aria-label={t("prices.search")}
          placeholder={t("prices.search")}
          onSearch={(typed) => setText(typed.trim())}
          className="search"
        />
      </div>
      <ProblemAlert error={found.error} />
      <Table<Price>
        virtual
        rowKey="id"
        size="small"
        columns={useColumns(list.currency)}
        dataSource={found.data?.pages.flatMap((page) => page.results) ?? []}
        loading={found.isPending}
        pagination={false}
        scroll={{ x: 760, y: 480 }}
        locale={{ emptyText: <Empty description={t("prices.none")} /> }}
      />
      {found.hasNextPage && (
        <Button className="section" block loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
    </section>
  );
}

function useColumns(currency: string): TableColumnsType<Price> {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { title: t("line.code"), width: 160, render: (_, one) => <Link to={`/catalogue/${one.product}`}>{one.sku}</Link> },
    { title: t("catalogue.name"), dataIndex: "product_name", ellipsis: true },
    { title: t("prices.from"), className: "number", width: 130, render: (_, one) => format.decimal(one.min_quantity) },
    { title: t("prices.price"), className: "number", width: 150, render: (_, one) => `${format.decimal(one.unit_price)} ${currency}` },
    { title: t("prices.per"), className: "number", width: 120, render: (_, one) => format.decimal(one.price_base_quantity) },
  ];
}
