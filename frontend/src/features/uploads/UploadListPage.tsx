import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { type State, type UploadRow, uploads } from "@/features/uploads/uploads";
import { useStates } from "@/features/uploads/words";
import { ChoiceFilter } from "@/shared/filters";
import { useFormat } from "@/shared/format";
import { ListPage, useNarrowing } from "@/shared/ListPage";
import { StateTag } from "@/shared/StateTag";
import { BringTable } from "@/shared/uploads/BringTable";
import { tables } from "@/shared/uploads/tables";

/** Every table the organisation brought, newest first, narrowed by kind and state. */
export function UploadListPage() {
  const { t } = useTranslation();
  const { narrowedTo, narrow } = useNarrowing();
  const [state, format] = [narrowedTo<State>("state"), narrowedTo("format")];
  return (
    <ListPage<UploadRow>
      title={t("uploads.title")}
      actions={<BringTable />}
      filters={
        <>
          <ChoiceFilter label={t("uploads.format")} value={format} options={useFormats()} onChange={(one) => narrow("format", one)} />
          <ChoiceFilter label={t("uploads.state")} value={state} options={useStates()} onChange={(one) => narrow("state", one)} />
        </>
      }
      list={useInfiniteQuery(uploads.list({ state, format }))}
      columns={useColumns()}
      width={820}
      none={t("uploads.none")}
    />
  );
}

function useFormats(): { value: string; label: string }[] {
  const { data } = useQuery(tables.formats);
  return data?.results.map((one) => ({ value: one.code, label: one.title })) ?? [];
}

function useColumns(): TableColumnsType<UploadRow> {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { title: t("uploads.file"), render: (_, one) => <Link to={`/uploads/${one.id}`}>{one.filename}</Link> },
    { title: t("uploads.format"), dataIndex: "format_title" },
    { title: t("uploads.state"), render: (_, one) => <StateTag state={one.state} label={one.state_label} /> },
    { title: t("outcome.new"), className: "number", render: (_, one) => format.count(one.counts.new) },
    { title: t("outcome.changed"), className: "number", render: (_, one) => format.count(one.counts.changed) },
    { title: t("outcome.faulty"), className: "number", render: (_, one) => format.count(one.faulty_count) },
    { title: t("uploads.brought"), className: "firm", render: (_, one) => format.instant(one.created_at) },
  ];
}
