import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Segmented, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { ProductDrawer } from "@/features/catalogue/ProductDrawer";
import { type Narrowing, type ProductRow, products, type State } from "@/features/catalogue/products";
import { ChoiceFilter, TextFilter } from "@/shared/filters";
import { useFormat } from "@/shared/format";
import { useNames } from "@/shared/i18n";
import { ListPage, useNarrowing } from "@/shared/ListPage";
import { me } from "@/shared/me";
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
  const { narrowedTo, narrow, address } = useNarrowing();
  const { data: person } = useQuery(me);
  const formats = useQuery(tables.formats);
  const mayBring = (code: string) => formats.data?.results.some((one) => one.code === code) ?? false;
  const isSeller = mayBring(FORMAT);
  const scope = narrowedTo("of") ?? OWN;
  const isOwn = isSeller && scope === OWN;
  const narrowing: Narrowing = {
    q: narrowedTo("q"),
    category: narrowedTo("category"),
    state: narrowedTo<State>("state"),
    supplier: isOwn ? (person?.organisation ?? undefined) : undefined,
  };
  const list = useInfiniteQuery({ ...products.list(narrowing), enabled: !formats.isPending });
  const states = useStates();
  const query = address.size ? `?${String(address)}` : "";

  return (
    <ListPage<ProductRow>
      title={t("catalogue.title")}
      actions={
        isSeller && (
          <>
            <TableLinks format={FORMAT} />
            {mayBring("stock") && <BringTable format="stock" type="default" label={t("catalogue.stock")} />}
            <BringTable format={FORMAT} />
          </>
        )
      }
      filters={
        <>
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
          <TextFilter label={t("catalogue.search")} value={narrowing.q} onSearch={(text) => narrow("q", text)} />
          <Categories value={narrowing.category} onChange={(category) => narrow("category", category)} />
          {isOwn && (
            <ChoiceFilter label={t("catalogue.state")} value={narrowing.state} options={states} onChange={(one) => narrow("state", one)} />
          )}
        </>
      }
      list={list}
      columns={useColumns(query, isOwn)}
      width={980}
      none={t("catalogue.none")}
    >
      {id && <ProductDrawer id={id} back={`/catalogue${query}`} />}
    </ListPage>
  );
}

function Categories({ value, onChange }: { value?: string; onChange: (category: string | undefined) => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const { data } = useQuery(products.categories);
  const options = data?.results.map((one) => ({ value: one.id, label: names(one.name, one.native_name) })) ?? [];
  return <ChoiceFilter searches label={t("catalogue.category")} value={value} options={options} onChange={onChange} />;
}

function useColumns(query: string, isOwn: boolean): TableColumnsType<ProductRow> {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const state = { title: t("catalogue.state"), render: (_: unknown, one: ProductRow) => <StateTag state={one.state} label={one.state_label} /> };
  const supplier = { title: t("catalogue.supplier"), dataIndex: "supplier_name" };
  return [
    { title: t("catalogue.sku"), className: "firm", render: (_, one) => <Link to={`/catalogue/${one.id}${query}`}>{one.sku}</Link> },
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
