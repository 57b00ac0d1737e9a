import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Empty, Input, Segmented, Select, Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";

import { ProductDrawer } from "@/features/catalogue/ProductDrawer";
import { type Narrowing, type ProductRow, products, type State } from "@/features/catalogue/products";
import { useFormat } from "@/shared/format";
import { useNames } from "@/shared/i18n";
import { me } from "@/shared/me";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";
import { BringTable } from "@/shared/uploads/BringTable";
import { TableLinks } from "@/shared/uploads/TableLinks";
import { tables } from "@/shared/uploads/tables";

const FORMAT = "catalogue";
const OWN = "own";

/** What may be bought, and for suppliers what they themselves offer; found by words in either language. */
export function CataloguePage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const [address, setAddress] = useSearchParams();
  const { data: person } = useQuery(me);
  const formats = useQuery(tables.formats);
  const mayBring = (code: string) => formats.data?.results.some((one) => one.code === code) ?? false;
  const isSeller = mayBring(FORMAT);
  const scope = address.get("of") ?? OWN;
  const isOwn = isSeller && scope === OWN;
  const narrowing: Narrowing = {
    q: address.get("q") ?? undefined,
    category: address.get("category") ?? undefined,
    state: (address.get("state") as State | null) ?? undefined,
    supplier: isOwn ? (person?.organisation ?? undefined) : undefined,
  };
  const list = useInfiniteQuery({ ...products.list(narrowing), enabled: !formats.isPending });
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const narrow = (name: string, value: string | undefined) =>
    setAddress((before) => {
      if (value) before.set(name, value);
      else before.delete(name);
      return before;
    });
  const states = useStates();
  const query = address.size ? `?${String(address)}` : "";

  return (
    <>
      <div className="page-head">
        <h1>{t("catalogue.title")}</h1>
        {isSeller && (
          <span className="page-actions">
            <TableLinks format={FORMAT} />
            {mayBring("stock") && <BringTable format="stock" type="default" label={t("catalogue.stock")} />}
            <BringTable format={FORMAT} />
          </span>
        )}
      </div>
      <div className="filters">
        {isSeller && (
          <Segmented
            aria-label={t("catalogue.scope")}
            value={scope}
            onChange={(value) => narrow("of", value === OWN ? undefined : value)}
            options={[
              { value: OWN, label: t("catalogue.own") },
              { value: "all", label: t("catalogue.everybody") },
            ]}
          />
        )}
        <Input.Search
          allowClear
          aria-label={t("catalogue.search")}
          placeholder={t("catalogue.search")}
          defaultValue={narrowing.q}
          onSearch={(text) => narrow("q", text.trim())}
          className="search"
        />
        <Categories value={narrowing.category} onChange={(category) => narrow("category", category)} />
        {isOwn && (
          <Select
            allowClear
            aria-label={t("catalogue.state")}
            placeholder={t("catalogue.state")}
            value={narrowing.state}
            options={states}
            onChange={(state) => narrow("state", state)}
            className="filter"
          />
        )}
      </div>
      <ProblemAlert error={list.error} />
      <Table<ProductRow>
        rowKey="id"
        size="small"
        columns={useColumns(query, isOwn)}
        dataSource={rows}
        loading={list.isPending}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <Empty description={t("catalogue.none")} /> }}
      />
      {list.hasNextPage && (
        <Button className="section" block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
      {id && <ProductDrawer id={id} back={`/catalogue${query}`} />}
    </>
  );
}

function Categories({ value, onChange }: { value?: string; onChange: (category: string | undefined) => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const { data } = useQuery(products.categories);
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      aria-label={t("catalogue.category")}
      placeholder={t("catalogue.category")}
      value={value}
      options={data?.results.map((one) => ({ value: one.id, label: names(one.name, one.native_name) }))}
      onChange={onChange}
      popupMatchSelectWidth={false}
      className="filter"
    />
  );
}

function useColumns(query: string, isOwn: boolean): TableColumnsType<ProductRow> {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const state = { title: t("catalogue.state"), render: (_: unknown, one: ProductRow) => <StateTag state={one.state} label={one.state_label} /> };
  const supplier = { title: t("catalogue.supplier"), dataIndex: "supplier_name" };
  return [
    { title: t("line.code"), render: (_, one) => <Link to={`/catalogue/${one.id}${query}`}>{one.sku}</Link> },
    { title: t("catalogue.name"), render: (_, one) => names(one.name, one.native_name) },
    { title: t("catalogue.brand"), render: (_, one) => [one.brand, one.part_number].filter(Boolean).join(" · ") || "–" },
    { title: t("catalogue.category"), render: (_, one) => one.category_name ?? "–" },
    { title: t("line.unit"), dataIndex: "unit_label" },
    { title: t("catalogue.moq"), className: "number", render: (_, one) => format.decimal(one.moq) },
    { title: t("catalogue.leadTime"), className: "number", render: (_, one) => format.count(one.lead_time_days) },
    isOwn ? state : supplier,
  ];
}

function useStates(): { value: State; label: string }[] {
  const { t } = useTranslation();
  return [
    { value: "draft", label: t("product.states.draft") },
    { value: "pending_review", label: t("product.states.pending_review") },
    { value: "listed", label: t("product.states.listed") },
    { value: "delisted", label: t("product.states.delisted") },
    { value: "discontinued", label: t("product.states.discontinued") },
  ];
}
