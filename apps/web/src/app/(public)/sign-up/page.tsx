import type { Metadata } from "next";
import { SignUpPage } from "../../../components/public/sign-up-page";

export const metadata: Metadata = { title: "Create an account" };

export default SignUpPage;
