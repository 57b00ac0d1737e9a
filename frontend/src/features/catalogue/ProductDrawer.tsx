import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Descriptions, type DescriptionsProps, Drawer, Spin, Table, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { type Product, products } from "@/features/catalogue/products";
import { useFormat } from "@/shared/format";
import { useNames } from "@/shared/i18n";
import { Journal } from "@/shared/Journal";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";
import { StepBar } from "@/shared/StepBar";
import { UploadChanges } from "@/shared/uploads/UploadChanges";

/** One item of the catalogue, over the list it was found in. */
export function ProductDrawer({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const { data: product, error, isPending } = useQuery(products.one(id));
  return (
    <Drawer open size={720} title={product?.sku ?? t("catalogue.item")} onClose={() => void go(back)}>
      {isPending && <Spin />}
      <ProblemAlert error={error} />
      {product && <Loaded product={product} />}
    </Drawer>
  );
}

function Loaded({ product }: { product: Product }) {
  const { t } = useTranslation();
  const names = useNames();
  const cache = useQueryClient();
  const show = (now: Product) => {
    const one = products.one(product.id).queryKey;
    cache.setQueryData(one, now);
    // An answer from before that is still on its way would show the old state.
    void cache.invalidateQueries({ queryKey: one, exact: true });
    void cache.invalidateQueries({ queryKey: [...products.all, "list"] });
  };
  return (
    <>
      <h2 className="drawer-title">
        {names(product.name, product.native_name)} <StateTag state={product.state} label={product.state_label} />
      </h2>
      <StepBar<Product> steps={product.steps} version={product.version} onTaken={show} />
      <Descriptions bordered size="small" column={1} items={useFacts(product)} />
      <Tabs
        className="section"
        tabBarGutter={20}
        items={[
          { key: "attributes", label: t("catalogue.attributes"), children: <Attributes product={product} /> },
          { key: "prices", label: t("catalogue.prices"), children: <Prices product={product.id} /> },
          { key: "changes", label: t("catalogue.changes"), children: <UploadChanges document={product.id} /> },
          { key: "journal", label: t("upload.journal"), children: <Journal url={product.links.journal} version={product.version} /> },
        ]}
      />
    </>
  );
}

function useFacts(product: Product): DescriptionsProps["items"] {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: [string, string, string | null | undefined][] = [
    ["supplier", t("catalogue.supplier"), product.supplier_name],
    ["category", t("catalogue.category"), product.category_name],
    ["brand", t("catalogue.brandAlone"), product.brand],
    ["part", t("catalogue.partNumber"), product.part_number],
    ["gtin", t("catalogue.gtin"), product.gtin],
    ["moq", t("catalogue.moq"), `${format.decimal(product.moq)} ${product.unit_label}`],
    ["packages", t("catalogue.packages"), product.packages_label.join("; ")],
    ["lead", t("catalogue.leadTime"), product.lead_time_days?.toString()],
    ["stock", t("catalogue.onHand"), product.stock && `${format.decimal(product.stock.on_hand)} ${product.unit_label}`],
    ["description", t("catalogue.description"), product.description],
  ];
  return facts.map(([key, label, children]) => ({ key, label, children: children || "–" }));
}

/** The attributes by name; values of ones the category does not ask for by their code. */
function Attributes({ product }: { product: Product }) {
  const { t } = useTranslation();
  const names = useNames();
  const { data } = useQuery({ ...products.attributes(product.category ?? ""), enabled: product.category !== null });
  const said = (value: unknown) => (typeof value === "boolean" ? (value ? t("answer.yes") : t("answer.no")) : String(value));
  const values = Object.entries((product.attributes ?? {}) as Record<string, unknown>);
  if (!values.length) return <p className="quiet">{t("catalogue.noAttributes")}</p>;
  const label = (code: string) => {
    const known = data?.results.find((one) => one.code === code);
    return known ? names(known.name, known.native_name) : code;
  };
  return <Descriptions size="small" column={1} items={values.map(([code, value]) => ({ key: code, label: label(code), children: said(value) }))} />;
}

function Prices({ product }: { product: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, isPending } = useQuery(products.prices(product));
  return (
    <>
      <ProblemAlert error={error} />
      <Table
        rowKey="id"
        size="small"
        loading={isPending}
        pagination={false}
        dataSource={data ? [...data.results] : []}
        columns={[
          { title: t("prices.from"), className: "number", render: (_, one) => format.decimal(one.min_quantity) },
          { title: t("prices.price"), className: "number", render: (_, one) => format.decimal(one.unit_price) },
          { title: t("prices.per"), className: "number", render: (_, one) => `${format.decimal(one.price_base_quantity)} ${one.unit_label}` },
          { title: t("prices.list"), render: (_, one) => <Link to={`/price-lists/${one.price_list}`}>{t("prices.open")}</Link> },
        ]}
      />
    </>
  );
}
