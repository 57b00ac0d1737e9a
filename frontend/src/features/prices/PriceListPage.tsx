import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Collapse, Descriptions, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { type Price, type PriceList, priceLists } from "@/features/prices/priceLists";
import { TextFilter } from "@/shared/filters";
import { useFormat } from "@/shared/format";
import { type ListColumn, ListGrid } from "@/shared/grid/ListGrid";
import { Journal } from "@/shared/Journal";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";
import { StepBar } from "@/shared/StepBar";
import { DocumentTables } from "@/shared/uploads/DocumentTables";
import { UploadChanges } from "@/shared/uploads/UploadChanges";

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
          <DocumentTables document={list.id} version={list.version} format="prices" />
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
          { key: "valid", label: t("priceLists.valid"), children: format.days(list.valid_from, list.valid_until) },
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
  const [text, setText] = useState<string>();
  const found = useInfiniteQuery(priceLists.prices(list, text ?? ""));
  const dated = found.data?.pages.some((page) => page.results.some((one) => one.valid_from || one.valid_until)) ?? false;
  return (
    <section className="section">
      <div className="filters">
        <TextFilter label={t("prices.search")} value={text} onSearch={setText} />
      </div>
      <ListGrid<Price> label={t("catalogue.prices")} list={found} columns={useColumns(list, dated)} none={t("prices.none")} />
    </section>
  );
}

/** The days stand beside the prices where some have their own. */
function useColumns(list: PriceList, dated: boolean): ListColumn<Price>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const days = (one: Price) => format.days(one.valid_from ?? list.valid_from, one.valid_until ?? list.valid_until);
  return [
    { key: "sku", title: t("catalogue.sku"), width: 130, text: (one) => one.sku, link: (one) => `/catalogue/${one.product}` },
    { key: "name", title: t("catalogue.name"), width: 330, text: (one) => one.product_name },
    { key: "from", title: t("prices.from"), width: 130, isNumber: true, text: (one) => format.decimal(one.min_quantity) },
    { key: "price", title: t("prices.price"), width: 130, isNumber: true, text: (one) => `${format.decimal(one.unit_price)} ${list.currency}` },
    { key: "per", title: t("prices.per"), width: 130, isNumber: true, text: (one) => `${format.decimal(one.price_base_quantity)} ${one.unit_label}` },
    ...(dated ? [{ key: "days", title: t("priceLists.valid"), width: 220, text: days }] : []),
  ];
}
