import type { Schema } from "@/api/client";

/** Why steps are closed, in full: a tooltip on a closed button is out of a keyboard's reach. */
export function Obstacles({ steps }: { steps: readonly Schema["Offer"][] }) {
  const closed = steps.filter((one) => !one.open && one.reasons.length > 0);
  if (!closed.length) return null;
  return (
    <ul className="obstacles">
      {closed.map((one) => (
        <li key={one.name}>
          <strong>{one.label}:</strong> {one.reasons.map((reason) => reason.detail).join(" ")}
        </li>
      ))}
    </ul>
  );
}
