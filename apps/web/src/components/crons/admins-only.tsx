"use client";

import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useMe } from "../shell/me";
import { EmptyState } from "../ui/empty-state";
import { Page } from "../ui/page";

/** Members have no entry to these pages, but addresses can be typed. */
export function AdminsOnly({ title, children }: { title: string; children: ReactNode }) {
  if (useMe().role === "admin") return children;
  return (
    <Page title={title}>
      <EmptyState icon={<Lock />} title="Jobs are for admins">
        They act for everybody here. Ask an admin what you want to know.
      </EmptyState>
    </Page>
  );
}
