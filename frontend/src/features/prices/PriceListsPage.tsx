import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Empty, Select, Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { type PriceListRow, priceLists, type State } from "@/features/prices/priceLists";
import { useFormat } from "@/shared/format";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";
import { BringTable } from "@/shared/uploads/BringTable";
import { TableLinks } from "@/shared/uploads/TableLinks";
import { tables } from "@/shared/uploads/tables";

const FORMAT = "prices";

/** The price lists this reader may see, newest first. */
export function PriceListsPage() {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const state = (address.get("state") as State | null) ?? undefined;
  const formats = useQuery(tables.formats);
  const format = formats.data?.results.find((one) => one.code === FORMAT);
  const list = useInfiniteQuery(priceLists.list({ state }));
  return (
    <>
      <div className="page-head">
        <h1>{t("priceLists.title")}</h1>
        {format && (
          <span className="page-actions">
            <TableLinks format={FORMAT} withExport={false} />
            {!format.target_required && <BringTable format={FORMAT} />}
          </span>
        )}
      </div>
      <div className="filters">
        <Select
          allowClear
          aria-label={t("priceLists.state")}
          placeholder={t("priceLists.state")}
          value={state}
          options={useStates()}
          onChange={(one?: State) => setAddress(one ? { state: one } : {})}
          className="filter"
        />
      </div>
      <ProblemAlert error={list.error} />
      <Table<PriceListRow>
        rowKey="id"
        size="small"
        columns={useColumns()}
        dataSource={list.data?.pages.flatMap((page) => page.results) ?? []}
        loading={list.isPending}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <Empty description={t("priceLists.none")} /> }}
      />
      {list.hasNextPage && (
        <Button className="section" block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
    </>
  );
}

function useColumns(): TableColumnsType<PriceListRow> {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { title: t("priceLists.name"), render: (_, one) => <Link to={`/price-lists/${one.id}`}>{one.name || one.number}</Link> },
    { title: t("priceLists.number"), dataIndex: "number" },
    { title: t("catalogue.supplier"), dataIndex: "supplier_name" },
    { title: t("priceLists.state"), render: (_, one) => <StateTag state={one.state} label={one.state_label} /> },
    { title: t("priceLists.currency"), dataIndex: "currency" },
    { title: t("priceLists.from"), render: (_, one) => format.day(one.valid_from) },
    { title: t("priceLists.until"), render: (_, one) => format.day(one.valid_until) },
  ];
}

function useStates(): { value: State; label: string }[] {
  const { t } = useTranslation();
  return [
    { value: "draft", label: t("priceLists.states.draft") },
    { value: "pending_approval", label: t("priceLists.states.pending_approval") },
    { value: "published", label: t("priceLists.states.published") },
    { value: "withdrawn", label: t("priceLists.states.withdrawn") },
  ];
}
