import { type NextRequest, NextResponse } from "next/server";
import { refusePage } from "./page-policy";

/** Gives every page a content security policy with a nonce of its own: only our scripts run. */
export function proxy(request: NextRequest) {
  const refused = refusePage(request);
  if (refused) return refused;
  if (isAsset.test(request.nextUrl.pathname)) return NextResponse.next();
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, isSecure(request));
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  // Next reads the nonce for its own scripts from here.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  // By plain http browsers do not heed it.
  response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

/** What pages load: refused like them, and no page itself. */
const isAsset = /^\/(?:_next\/(?:static|image)|icon\.svg$|favicon\.ico$)/;

function contentSecurityPolicy(nonce: string, secure: boolean): string {
  const development = process.env.NODE_ENV === "development";
  // Media come from, and go to, whatever bucket is configured. A page without TLS may talk to a bucket without it.
  const buckets = secure ? "https:" : "https: http:";
  return Object.entries({
    "default-src": "'self'",
    "script-src": `'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ""}`,
    // Widths of bars are style attributes, which no nonce covers.
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self' data:",
    "img-src": `'self' blob: data: ${buckets}`,
    "media-src": `'self' blob: ${buckets}`,
    "connect-src": `'self' ${buckets}${development ? " ws:" : ""}`,
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; ");
}

function isSecure(request: NextRequest): boolean {
  const forwarded = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  return (forwarded ?? request.nextUrl.protocol.replace(":", "")) === "https";
}

export const config = {
  // All but what the API answers, whose own policy comes first.
  matcher: "/((?!api/|metrics$).*)",
};
