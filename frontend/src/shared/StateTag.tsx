import { Tag } from "antd";

const ENDED_WELL = new Set(["awarded", "received", "closed", "paid", "active", "approved", "confirmed", "listed", "published", "applied"]);
const ENDED_BADLY = new Set(["cancelled", "failed", "rejected", "declined", "terminated", "blocked", "withdrawn", "undone"]);

/** Ant Design's own green is too light to be read. */
const DARK_GREEN = "#237804";

function colour(state: string): string {
  if (ENDED_WELL.has(state)) return DARK_GREEN;
  if (ENDED_BADLY.has(state)) return "red";
  return state === "draft" ? "default" : "blue";
}

/** Where a document stands, in the server's words. */
export function StateTag({ state, label }: { state: string; label: string }) {
  return <Tag color={colour(state)}>{label}</Tag>;
}
