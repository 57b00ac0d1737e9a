import { Spin } from "antd";

/** While the first page's code is on its way. */
export function Waiting() {
  return <Spin fullscreen />;
}
