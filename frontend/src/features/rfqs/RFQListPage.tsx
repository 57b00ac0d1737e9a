import { useInfiniteQuery } from "@tanstack/react-query";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { type RFQRow, rfqs, type State } from "@/features/rfqs/rfqs";
import { ChoiceFilter, TextFilter } from "@/shared/filters";
import { useFormat } from "@/shared/format";
import { ListPage, useNarrowing } from "@/shared/ListPage";
import { StateTag } from "@/shared/StateTag";

/** The RFQs this reader may see, newest first, narrowed by state and text. */
export function RFQListPage() {
  const { t } = useTranslation();
  const { narrowedTo, narrow } = useNarrowing();
  const [state, text] = [narrowedTo<State>("state"), narrowedTo("text")];
  return (
    <ListPage<RFQRow>
      title={t("rfqs.title")}
      filters={
        <>
          <ChoiceFilter label={t("rfqs.state")} value={state} options={useStates()} onChange={(one) => narrow("state", one)} />
          <TextFilter label={t("rfqs.search")} value={text} onSearch={(one) => narrow("text", one)} />
        </>
      }
      list={useInfiniteQuery(rfqs.list({ state, text }))}
      columns={useColumns()}
      width={860}
      none={t("rfqs.none")}
    />
  );
}

function useColumns(): TableColumnsType<RFQRow> {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { title: t("rfqs.number"), className: "firm", render: (_, rfq) => <Link to={`/rfqs/${rfq.id}`}>{rfq.number}</Link> },
    { title: t("rfqs.subject"), dataIndex: "title" },
    { title: t("rfqs.buyer"), dataIndex: "buyer_name" },
    { title: t("rfqs.state"), render: (_, rfq) => <StateTag state={rfq.state} label={rfq.state_label} /> },
    { title: t("rfqs.deadline"), className: "firm", render: (_, rfq) => format.instant(rfq.deadline) },
    {
      title: t("rfqs.estimate"),
      className: "number",
      render: (_, rfq) => format.money(rfq.estimate, rfq.currency),
    },
  ];
}

function useStates(): { value: State; label: string }[] {
  const { t } = useTranslation();
  return [
    { value: "draft", label: t("rfqs.states.draft") },
    { value: "pending_approval", label: t("rfqs.states.pending_approval") },
    { value: "published", label: t("rfqs.states.published") },
    { value: "closed", label: t("rfqs.states.closed") },
    { value: "under_evaluation", label: t("rfqs.states.under_evaluation") },
    { value: "award_proposed", label: t("rfqs.states.award_proposed") },
    { value: "standstill", label: t("rfqs.states.standstill") },
    { value: "awarded", label: t("rfqs.states.awarded") },
    { value: "failed", label: t("rfqs.states.failed") },
    { value: "cancelled", label: t("rfqs.states.cancelled") },
  ];
}
