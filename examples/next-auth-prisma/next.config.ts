import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  serverExternalPackages: ["@fermata/server"],
};

export default nextConfig;
