import "@/features/uploads/uploads.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Collapse, Spin, Steps } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";

import { ColumnsStep } from "@/features/uploads/columns/ColumnsStep";
import { Outcome } from "@/features/uploads/Outcome";
import { Review } from "@/features/uploads/review/Review";
import { UploadActions } from "@/features/uploads/UploadActions";
import { isAtWork, type Upload, uploads } from "@/features/uploads/uploads";
import { Work } from "@/features/uploads/Work";
import { useFormat } from "@/shared/format";
import { Journal } from "@/shared/Journal";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";

/** One table on its way: read, asked about, reviewed, applied, undone. */
export function UploadPage() {
  const { id = "" } = useParams();
  const { data: upload, error, isPending } = useQuery(uploads.one(id));
  if (isPending) return <Spin size="large" />;
  if (!upload) return <ProblemAlert error={error} />;
  return <Loaded upload={upload} lost={error} />;
}

function Loaded({ upload, lost }: { upload: Upload; lost: Error | null }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [address, setAddress] = useSearchParams();
  const show = (now: Upload) => {
    const one = uploads.one(upload.id).queryKey;
    cache.setQueryData(one, now);
    // An answer from before that is still on its way would hide that the upload is at work.
    void cache.invalidateQueries({ queryKey: one, exact: true });
    void cache.invalidateQueries({ queryKey: [...uploads.all, "list"] });
  };
  useTouchedElsewhere(upload);
  const asksColumns = upload.state === "needs_mapping" || (upload.state === "reviewed" && address.has("columns"));
  const closeColumns = () => setAddress({}, { replace: true });
  return (
    <>
      <Head upload={upload} />
      <Stages upload={upload} />
      <ProblemAlert error={lost} />
      <Notices upload={upload} />
      {isAtWork(upload) && <Work upload={upload} />}
      <UploadActions upload={upload} onTaken={show} onColumns={() => setAddress({ columns: "" })} isMapping={asksColumns} />
      <Outcome upload={upload} />
      {asksColumns ? (
        <ColumnsStep
          upload={upload}
          onConfirmed={(now) => {
            show(now);
            closeColumns();
          }}
          onClose={upload.state === "reviewed" ? closeColumns : undefined}
        />
      ) : (
        <Review upload={upload} />
      )}
      <Collapse
        ghost
        className="section"
        items={[
          {
            key: "journal",
            label: t("upload.journal"),
            children: <Journal url={upload.links.journal} version={upload.version} />,
          },
        ]}
      />
    </>
  );
}

const UNTOUCHED = new Set<string>([uploads.all[0], "me", "upload-formats"]);

/** What was applied or undone shows on other pages: forget what they had fetched. */
function useTouchedElsewhere(upload: Upload) {
  const cache = useQueryClient();
  const before = useRef(upload.state);
  useEffect(() => {
    const moved = before.current !== upload.state;
    before.current = upload.state;
    if (moved && (upload.state === "applied" || upload.state === "undone"))
      void cache.invalidateQueries({ predicate: (query) => !UNTOUCHED.has(String(query.queryKey[0])) });
  }, [cache, upload]);
}

function Head({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = [upload.format_title, upload.currency, format.bytes(upload.size), format.instant(upload.created_at), upload.created_by_name];
  return (
    <>
      <nav aria-label={t("frame.breadcrumb")} className="breadcrumb">
        <Link to="/uploads">{t("uploads.title")}</Link>
      </nav>
      <div className="page-head">
        <h1>{upload.filename}</h1>
        <StateTag state={upload.state} label={upload.state_label} />
        <span className="quiet">{facts.filter(Boolean).join(" · ")}</span>
        {upload.target && (
          <span className="quiet">
            {t("upload.into")}{" "}
            <Link to={`/documents/${upload.target.type}/${upload.target.id}`}>
              {[upload.target.number, upload.target.title].filter(Boolean).join(" · ")}
            </Link>
          </span>
        )}
      </div>
    </>
  );
}

const STAGES: Record<Upload["state"], number> = {
  uploaded: 0,
  reading: 0,
  rejected: 0,
  failed: 0,
  needs_mapping: 1,
  reviewed: 2,
  applying: 3,
  stopping: 3,
  applied: 4,
  undoing: 3,
  undone: 3,
  cancelled: 2,
};
const ENDED_BADLY = new Set<Upload["state"]>(["rejected", "failed", "cancelled", "undone"]);

function Stages({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const status = ENDED_BADLY.has(upload.state) ? "error" : isAtWork(upload) ? "process" : undefined;
  return (
    <Steps
      size="small"
      className="stages"
      responsive={false}
      current={STAGES[upload.state]}
      status={status}
      items={[
        { title: t("stage.read") },
        { title: t("stage.columns") },
        { title: t("stage.review") },
        { title: t("stage.apply") },
      ]}
    />
  );
}

/** What a person should know before going on: the same file before, why it came back, how the file was read. */
function Notices({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { problem } = upload;
  return (
    <>
      {problem && (
        <Alert
          type={upload.state === "reviewed" || upload.state === "applied" ? "warning" : "error"}
          role="alert"
          showIcon
          title={problem.title}
          description={
            <>
              {problem.detail !== problem.title && <p>{problem.detail}</p>}
              <ul>
                {problem.faults.map((fault, place) => (
                  <li key={place}>{fault.detail}</li>
                ))}
              </ul>
            </>
          }
        />
      )}
      {upload.same_file.map((earlier) => (
        <Alert
          key={earlier.id}
          type="info"
          showIcon
          title={
            <>
              {t("upload.sameFile")} <Link to={`/uploads/${earlier.id}`}>{earlier.filename}</Link>, {format.instant(earlier.created_at)}
            </>
          }
        />
      ))}
      <WhichTable upload={upload} />
      {upload.notes.length > 0 && (
        <ul className="notes" aria-label={t("upload.notes")}>
          {upload.notes.map((note) => (
            <li key={note.code}>{note.detail}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Of a file with several tables, which one this is. */
function WhichTable({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const isRead = upload.state === "reviewed";
  const { data } = useQuery({ ...uploads.columns(upload, null), enabled: isRead });
  const { table } = (upload.layout ?? {}) as { table?: string };
  if (!isRead || !table || (data?.tables.length ?? 0) < 2) return null;
  return (
    <p className="quiet">
      {t("upload.fromTable", { table, tables: data?.tables.length })} <Link to="?columns">{t("upload.chooseTable")}</Link>
    </p>
  );
}
