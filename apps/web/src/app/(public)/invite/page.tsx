import type { Metadata } from "next";
import { InvitePage } from "../../../components/public/invite-page";

export const metadata: Metadata = { title: "Invitation" };

export default InvitePage;
