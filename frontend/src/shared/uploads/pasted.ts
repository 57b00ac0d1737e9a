/** What was copied from a spreadsheet program: cells between tabs, rows on lines, quoted where they hold either. */
export type Pasted = { text: string; rows: string[][]; width: number };

/** The pasted range, or nothing where it is no table: one cell alone is none. */
export function pastedTable(text: string): Pasted | null {
  const rows = cellsOf(text.replace(/\r\n?/g, "\n"));
  const width = Math.max(0, ...rows.map((row) => row.length));
  return rows.length > 1 || width > 1 ? { text, rows, width } : null;
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [cell, end] = text[at] === '"' ? quoted(text, at) : plain(text, at);
    row.push(cell);
    if (text[end] !== "\t") {
      rows.push(row);
      row = [];
    } else if (end + 1 === text.length) row.push("");
    at = end + 1;
  }
  if (row.length) rows.push(row);
  return rows.filter((cells) => cells.some((cell) => cell.trim()));
}

function plain(text: string, from: number): [string, number] {
  const found = /[\t\n]/g;
  found.lastIndex = from;
  const end = found.exec(text)?.index ?? text.length;
  return [text.slice(from, end), end];
}

/** A quoted cell ends at a quote that is not doubled; text behind it, as in 3" pipe, makes it a plain one. */
function quoted(text: string, from: number): [string, number] {
  let end = from + 1;
  while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) end += text[end] === '"' ? 2 : 1;
  const next = text[end + 1];
  if (end >= text.length || (next !== undefined && next !== "\t" && next !== "\n")) return plain(text, from);
  return [text.slice(from + 1, end).replaceAll('""', '"'), end + 1];
}
