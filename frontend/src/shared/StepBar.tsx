import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { post, type Schema, tagOf } from "@/api/client";
import { Obstacles } from "@/shared/Obstacles";
import { ProblemAlert } from "@/shared/ProblemAlert";

/** Fetched when a step first asks for something: pickers of days weigh more than most pages. */
const StepForm = lazy(async () => ({ default: (await import("@/shared/StepForm")).StepForm }));

type Offer = Schema["Offer"];

type Props<Document> = {
  steps: readonly Offer[];
  version: number;
  /** What the server made of the document; the page shows it at once. */
  onTaken: (document: Document) => void;
  /** The document may have moved on meanwhile: the page looks again. */
  onRefused?: () => void;
};

/** The steps the server offers this reader. A closed one says why; one that takes something asks for it. */
export function StepBar<Document>({ steps, version, onTaken, onRefused }: Props<Document>) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Offer | null>(null);
  const [taking, setTaking] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);

  const take = async (offer: Offer, inputs: unknown) => {
    setTaking(offer.name);
    setError(null);
    try {
      onTaken(await post<Document>(offer.url, inputs, tagOf(version)));
      setAsked(null);
    } catch (refusal) {
      setError(refusal as Error);
      onRefused?.();
    } finally {
      setTaking(null);
    }
  };

  return (
    <>
      {steps.length > 0 && (
        <menu className="steps" aria-label={t("steps.label")}>
          {steps.map((offer) => (
            <li key={offer.name} style={{ listStyle: "none" }}>
              <Button
                disabled={!offer.open}
                loading={taking === offer.name}
                onClick={() => (offer.input ? setAsked(offer) : void take(offer, {}))}
              >
                {offer.label}
              </Button>
            </li>
          ))}
        </menu>
      )}
      <Obstacles steps={steps} />
      {!asked && <ProblemAlert error={error} />}
      {asked?.input && (
        <Suspense>
          <StepForm
            title={asked.label}
            input={asked.input}
            error={error}
            pending={taking === asked.name}
            onSend={(inputs) => void take(asked, inputs)}
            onClose={() => {
              setAsked(null);
              setError(null);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
