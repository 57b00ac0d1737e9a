import { CheckCircleFilled, QuestionCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { type Draft, letterOf, type Move, topic } from "@/features/uploads/columns/draft";
import type { FormatColumn, Proposed, Question } from "@/features/uploads/uploads";

type Props = {
  questions: readonly Question[];
  settled: ReadonlySet<string>;
  columns: readonly FormatColumn[];
  tables: readonly Proposed[];
  draft: Draft;
  move: (move: Move) => void;
  onTable: (name: string) => void;
  onPoint: (rows: readonly number[]) => void;
};

/** What only a person can know, each with its answers. */
export function Questions({ questions, ...rest }: Props) {
  const { t } = useTranslation();
  if (!questions.length) return <p className="quiet">{t("columns.sure")}</p>;
  return (
    <ul className="questions" aria-label={t("columns.questions")}>
      {questions.map((question) => {
        const isSettled = rest.settled.has(topic(question));
        return (
          <li key={`${question.code} ${topic(question)}`} className={isSettled ? "question question-settled" : "question"}>
            {isSettled ? <CheckCircleFilled aria-label={t("columns.answered")} /> : <QuestionCircleFilled aria-hidden />}
            <span>{question.detail}</span>
            <span className="answers">
              <Answers question={question} {...rest} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Of more tables than this, the list above the questions offers the rest. */
const MOST_BUTTONS = 6;

type Candidate = { place: number; heading: string; samples: string[] };

function Answers({ question, draft, move, onTable, onPoint }: Omit<Props, "questions"> & { question: Question }) {
  const { t } = useTranslation();
  const about = question.about as { column?: string; place?: number; candidates?: Candidate[]; rows?: number[]; tables?: string[] };
  const { column } = about;
  const taken = column ? draft.layout.columns[column] : undefined;
  if (question.code === "hidden-rows") {
    const { include_hidden_rows: include } = draft.layout;
    return (
      <YesNo
        answer={include ?? undefined}
        onAnswer={(yes) => move({ kind: "hidden-rows", include: yes })}
      />
    );
  }
  if (question.code === "which-table") {
    return (about.tables ?? []).slice(0, MOST_BUTTONS).map((name) => (
      <Choose
        key={name}
        isChosen={draft.layout.table === name && draft.settled.has(topic(question))}
        onClick={() => (name === draft.layout.table ? move({ kind: "settle", topic: topic(question) }) : onTable(name))}
      >
        {name}
      </Choose>
    ));
  }
  if (question.code === "hidden-table") {
    return (
      <Choose isChosen={draft.settled.has(topic(question))} onClick={() => move({ kind: "settle", topic: topic(question) })}>
        {t("answer.yes")}
      </Choose>
    );
  }
  if (question.code === "no-headings") {
    const rows = (question.about["rows"] as number[] | undefined) ?? [];
    return (
      <>
        {rows.slice(0, 6).map((row) => (
          <Choose key={row} isChosen={false} onClick={() => onPoint([row])}>
            {t("columns.row", { row })}
          </Choose>
        ))}
        <Choose isChosen={false} onClick={() => onPoint([])}>
          {t("columns.noHeadings")}
        </Choose>
      </>
    );
  }
  if (column && about.candidates) {
    return about.candidates.map((one) => (
      <Choose key={one.place} isChosen={taken === one.place} onClick={() => move({ kind: "place", column, place: one.place })}>
        {[letterOf(one.place), one.heading || one.samples[0]].filter(Boolean).join(" · ")}
      </Choose>
    ));
  }
  if (column && about.place !== undefined) {
    const isSettled = draft.settled.has(topic(question));
    return (
      <YesNo
        answer={isSettled ? taken === about.place : undefined}
        onAnswer={(yes) => move({ kind: "place", column, place: yes ? (about.place ?? null) : null })}
      />
    );
  }
  return null;
}

function YesNo({ answer, onAnswer }: { answer?: boolean; onAnswer: (yes: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Choose isChosen={answer === true} onClick={() => onAnswer(true)}>
        {t("answer.yes")}
      </Choose>
      <Choose isChosen={answer === false} onClick={() => onAnswer(false)}>
        {t("answer.no")}
      </Choose>
    </>
  );
}

function Choose({ isChosen, onClick, children }: { isChosen: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <Button size="small" type={isChosen ? "primary" : "default"} aria-pressed={isChosen} onClick={onClick}>
      {children}
    </Button>
  );
}
