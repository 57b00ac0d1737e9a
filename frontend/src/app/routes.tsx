import { createBrowserRouter, Navigate } from "react-router";

import { Frame } from "@/app/Frame";
import { NotFoundPage } from "@/app/NotFoundPage";

export const router = createBrowserRouter([
  {
    element: <Frame />,
    children: [
      { index: true, element: <Navigate to="/rfqs" replace /> },
      { path: "rfqs", lazy: async () => ({ Component: (await import("@/features/rfqs/RFQListPage")).RFQListPage }) },
      { path: "rfqs/:id", lazy: async () => ({ Component: (await import("@/features/rfqs/RFQPage")).RFQPage }) },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
]);
