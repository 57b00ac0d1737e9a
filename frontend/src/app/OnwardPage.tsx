import { Navigate, useSearchParams } from "react-router";

/** Where somebody was going before signing in; only addresses of our own count. */
export function OnwardPage() {
  const [address] = useSearchParams();
  const next = address.get("next") ?? "/";
  const target = new URL(next, window.location.origin);
  const isOurs = target.origin === window.location.origin && next.startsWith("/") && !next.startsWith("/account/login");
  return <Navigate to={isOurs ? target.pathname + target.search + target.hash : "/"} replace />;
}
