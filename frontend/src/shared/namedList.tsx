import { type ReactElement, useEffect, useRef } from "react";

type Props = { name: string; list: ReactElement };

/** The list of a select with the select's own name, which the library gives only to its input. */
function NamedList({ name, list }: Props) {
  const box = useRef<HTMLDivElement>(null);
  // The library draws another element for a list that is empty or was: it is named after each drawing.
  useEffect(() => {
    for (const one of box.current?.querySelectorAll("[role=listbox]") ?? []) one.setAttribute("aria-label", name);
  });
  return <div ref={box}>{list}</div>;
}

/** For a select's ``popupRender``. */
export const namedList = (name: string) =>
  function popup(list: ReactElement) {
    return <NamedList name={name} list={list} />;
  };
