import type { Metadata } from "next";
import { SignInPage } from "../../../components/public/sign-in-page";

export const metadata: Metadata = { title: "Sign in" };

export default SignInPage;
