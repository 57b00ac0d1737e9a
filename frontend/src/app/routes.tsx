import { createBrowserRouter, Navigate } from "react-router";

import { Frame } from "@/app/Frame";
import { Waiting } from "@/app/Waiting";
import { NotFoundPage } from "@/app/NotFoundPage";

export const router = createBrowserRouter([
  {
    element: <Frame />,
    HydrateFallback: Waiting,
    children: [
      { index: true, element: <Navigate to="/rfqs" replace /> },
      { path: "rfqs", lazy: async () => ({ Component: (await import("@/features/rfqs/RFQListPage")).RFQListPage }) },
      { path: "rfqs/:id", lazy: async () => ({ Component: (await import("@/features/rfqs/RFQPage")).RFQPage }) },
      {
        path: "catalogue/:id?",
        lazy: async () => ({ Component: (await import("@/features/catalogue/CataloguePage")).CataloguePage }),
      },
      {
        path: "price-lists",
        lazy: async () => ({ Component: (await import("@/features/prices/PriceListsPage")).PriceListsPage }),
      },
      {
        path: "price-lists/:id",
        lazy: async () => ({ Component: (await import("@/features/prices/PriceListPage")).PriceListPage }),
      },
      {
        path: "uploads",
        lazy: async () => ({ Component: (await import("@/features/uploads/UploadListPage")).UploadListPage }),
      },
      {
        path: "uploads/:id",
        lazy: async () => ({ Component: (await import("@/features/uploads/UploadPage")).UploadPage }),
      },
      { path: "documents/:type/:id", lazy: async () => ({ Component: (await import("@/app/DocumentPage")).DocumentPage }) },
      { path: "account/login", lazy: async () => ({ Component: (await import("@/app/OnwardPage")).OnwardPage }) },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
]);
