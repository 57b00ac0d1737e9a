import { useTranslation } from "react-i18next";

import type { Nature, State } from "@/features/uploads/uploads";

/** What a row would do, or did, in the reader's language. */
export function useOutcomes(): Record<string, string> {
  const { t } = useTranslation();
  return {
    new: t("outcome.new"),
    changed: t("outcome.changed"),
    unchanged: t("outcome.unchanged"),
    missing: t("outcome.missing"),
    faulty: t("outcome.faulty"),
    left_out: t("outcome.left_out"),
  };
}

/** Why a row is no data, by the reader's code. */
export function useRemarks(): Record<string, string> {
  const { t } = useTranslation();
  return {
    title: t("remark.title"),
    "repeated-headings": t("remark.headings"),
    total: t("remark.total"),
    section: t("remark.section"),
    note: t("remark.note"),
    example: t("remark.example"),
    hidden: t("remark.hidden"),
    "blank-key": t("remark.blankKey"),
    "repeated-row": t("remark.repeatedRow"),
  };
}

/** What was read otherwise than written, or why. */
export function useNatures(): Record<Nature, string> {
  const { t } = useTranslation();
  return {
    number: t("nature.number"),
    day: t("nature.day"),
    word: t("nature.word"),
    text: t("nature.text"),
    blank: t("nature.blank"),
    merged: t("nature.merged"),
    formula: t("nature.formula"),
    section: t("nature.section"),
    unit: t("nature.unit"),
  };
}

export function useStates(): { value: State; label: string }[] {
  const { t } = useTranslation();
  return [
    { value: "uploaded", label: t("upload.states.uploaded") },
    { value: "reading", label: t("upload.states.reading") },
    { value: "needs_mapping", label: t("upload.states.needs_mapping") },
    { value: "reviewed", label: t("upload.states.reviewed") },
    { value: "applying", label: t("upload.states.applying") },
    { value: "stopping", label: t("upload.states.stopping") },
    { value: "applied", label: t("upload.states.applied") },
    { value: "undoing", label: t("upload.states.undoing") },
    { value: "undone", label: t("upload.states.undone") },
    { value: "rejected", label: t("upload.states.rejected") },
    { value: "failed", label: t("upload.states.failed") },
    { value: "cancelled", label: t("upload.states.cancelled") },
  ];
}
