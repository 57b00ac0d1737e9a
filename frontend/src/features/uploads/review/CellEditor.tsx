import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Fault } from "@/features/uploads/uploads";

type Props = {
  label: string;
  text: string;
  faults: readonly Fault[];
  /** Near the end of the grid help stands above the cell. */
  isLow: boolean;
  onWrite: (text: string) => void;
  onCancel: () => void;
};

/** A cell while it is written in: Enter keeps, Escape does not; what could stand there is one click or key away. */
export function CellEditor({ label, text, faults, isLow, onWrite, onCancel }: Props) {
  const { t } = useTranslation();
  const [value, setValue] = useState(text);
  const help = useHelpInSight();
  const suggestions = [...new Set(faults.flatMap((fault) => fault.suggestions))];
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") onCancel();
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (value === text) onCancel();
      else onWrite(value);
    }
  };
  return (
    <div
      className={`editor ${isLow ? "editor-up" : ""}`}
      onKeyDown={keys}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onCancel();
      }}
    >
      <input
        // The person just asked to write here.
        autoFocus
        aria-label={label}
        aria-invalid={faults.length > 0}
        value={value}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setValue(event.target.value)}
      />
      {faults.length > 0 && (
        <div className="editor-help" ref={help}>
          {faults.map((fault) => (
            <p key={fault.code}>{fault.detail}</p>
          ))}
          {suggestions.length > 0 && (
            <div className="suggestions" role="group" aria-label={t("review.suggestions")}>
              {suggestions.map((one) => (
                <button key={one} type="button" onClick={() => onWrite(one)}>
                  {one}
                </button>
              ))}
            </div>
          )}
        </div>
      )}
    </div>
  );
}

const MARGIN = 8;

/** What would reach beyond the grid's right edge is moved to the left, never beyond the other one. */
function useHelpInSight() {
  const help = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const grid = help.current?.closest(".grid");
    if (!help.current || !grid) return;
    const room = grid.getBoundingClientRect();
    help.current.style.maxWidth = `${Math.min(360, room.width - 2 * MARGIN)}px`;
    const { left, right } = help.current.getBoundingClientRect();
    const shift = Math.max(room.left + MARGIN - left, Math.min(0, room.right - MARGIN - right));
    help.current.style.transform = `translateX(${shift}px)`;
  }, []);
  return help;
}
