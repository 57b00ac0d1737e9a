import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { type PriceListRow, priceLists, type State } from "@/features/prices/priceLists";
import { ChoiceFilter } from "@/shared/filters";
import { useFormat } from "@/shared/format";
import { ListPage, useNarrowing } from "@/shared/ListPage";
import { StateTag } from "@/shared/StateTag";
import { BringTable } from "@/shared/uploads/BringTable";
import { TableLinks } from "@/shared/uploads/TableLinks";
import { tables } from "@/shared/uploads/tables";

const FORMAT = "prices";

/** The price lists this reader may see, newest first. */
export function PriceListsPage() {
  const { t } = useTranslation();
  const { narrowedTo, narrow } = useNarrowing();
  const state = narrowedTo<State>("state");
  const formats = useQuery(tables.formats);
  const format = formats.data?.results.find((one) => one.code === FORMAT);
  return (
    <ListPage<PriceListRow>
      title={t("priceLists.title")}
      actions={
        format && (
          <>
            <TableLinks format={FORMAT} withExport={false} />
            {!format.target_required && <BringTable format={FORMAT} />}
          </>
        )
      }
      filters={
        <ChoiceFilter label={t("priceLists.state")} value={state} options={useStates()} onChange={(one) => narrow("state", one)} />
      }
      list={useInfiniteQuery(priceLists.list({ state }))}
      columns={useColumns()}
      width={900}
      none={t("priceLists.none")}
    />
  );
}

function useColumns(): TableColumnsType<PriceListRow> {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { title: t("priceLists.name"), render: (_, one) => <Link to={`/price-lists/${one.id}`}>{one.name || one.number}</Link> },
    { title: t("priceLists.number"), className: "firm", dataIndex: "number" },
    { title: t("catalogue.supplier"), dataIndex: "supplier_name" },
    { title: t("priceLists.state"), render: (_, one) => <StateTag state={one.state} label={one.state_label} /> },
    { title: t("priceLists.currency"), dataIndex: "currency" },
    { title: t("priceLists.from"), className: "firm", render: (_, one) => format.day(one.valid_from) },
    { title: t("priceLists.until"), className: "firm", render: (_, one) => format.day(one.valid_until) },
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
