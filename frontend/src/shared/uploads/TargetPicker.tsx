import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { namedList } from "@/shared/namedList";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { type Format, tables } from "@/shared/uploads/tables";

const SETTLES_AFTER = 250;

type Props = { id: string; format: Format; value?: string; onChange: (target: string | undefined) => void };

/** The document a table's rows go into, found by number and title among those that take them now. */
export function TargetPicker({ id, format, value, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  const [timer, setTimer] = useState<ReturnType<typeof setTimeout>>();
  const found = useQuery(tables.targets(format.code, text));
  const search = (typing: string) => {
    clearTimeout(timer);
    setTyped(typing.trim());
    setTimer(setTimeout(() => setText(typing.trim()), SETTLES_AFTER));
  };
  const options = found.data?.results.map((one) => ({
    value: one.id,
    label: [one.number, one.title, one.state_label].filter(Boolean).join(" · "),
  }));
  // Until the answer is the one to what stands there, Enter must not choose from another.
  const isSearching = typed !== text || found.isFetching;
  return (
    <>
      <ProblemAlert error={found.error} />
      <Select
        id={id}
        allowClear={!format.target_required}
        showSearch={{ filterOption: false, onSearch: search }}
        aria-label={t("target.label")}
        popupRender={namedList(t("target.label"))}
        placeholder={t("target.search")}
        loading={isSearching}
        value={value}
        onChange={(chosen?: string) => onChange(chosen)}
        notFoundContent={isSearching ? t("target.searching") : t("target.none")}
        options={isSearching && typed ? [] : options}
        className="wide"
      />
    </>
  );
}
