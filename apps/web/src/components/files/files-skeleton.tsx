import { Bone, Loading } from "../ui/skeleton";

const widths = ["w-[44%]", "w-[36%]", "w-1/2", "w-[30%]", "w-[41%]", "w-[38%]"];

export function FilesSkeleton() {
  return (
    <Loading label="Loading files">
      <Bone className="mt-3 mb-6 h-2 w-48" />
      <Bone className="h-[34px]" />
      <div className="mt-8 border-t">
        {widths.map((width) => (
          <div key={width} className="flex h-12 items-center gap-3 border-b">
            <Bone className="h-[33px] w-11 flex-none" />
            <Bone className={width} />
            <span className="flex-1" />
            <Bone className="w-12 max-md:hidden" />
            <Bone className="w-[74px]" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
