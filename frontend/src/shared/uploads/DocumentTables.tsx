import { useQuery } from "@tanstack/react-query";

import { BringTable } from "@/shared/uploads/BringTable";
import { TableLinks } from "@/shared/uploads/TableLinks";
import { tables } from "@/shared/uploads/tables";

type Props = {
  document: string;
  /** What the reader may do changes with it. */
  version: number;
  format: string;
};

/** Of a document whose lines come and go as tables: export, template, and bringing one where the server offers that. */
export function DocumentTables({ document, version, format }: Props) {
  const { data } = useQuery(tables.into(document, version));
  const offered = data?.results.find((one) => one.code === format);
  if (!offered) return null;
  return (
    <>
      <TableLinks format={format} target={document} />
      {offered.open && <BringTable format={format} target={document} />}
    </>
  );
}
