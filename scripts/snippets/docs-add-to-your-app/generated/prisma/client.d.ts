// What Prisma generates for the reader.
export declare class PrismaClient {
  invoice: { update(of: object): Promise<{ id: string }> };
}
