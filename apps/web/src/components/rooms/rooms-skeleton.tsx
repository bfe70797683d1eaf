import { Bone, Loading } from "../ui/skeleton";

export function RoomsSkeleton() {
  return (
    <Loading label="Loading rooms">
      <div className="grid grid-cols-3 border-t border-b py-4">
        {["a", "b", "c"].map((figure) => (
          <div key={figure}>
            <Bone className="w-20" />
            <Bone className="mt-3 h-6 w-12" />
          </div>
        ))}
      </div>
      <Bone className="mt-9 mb-4 h-4 w-28" />
      {["w-[32%]", "w-[24%]", "w-[38%]"].map((width) => (
        <div key={width} className="flex h-[54px] items-center gap-4 border-t">
          <Bone className={width} />
          <span className="flex-1" />
          <Bone className="w-16" />
        </div>
      ))}
    </Loading>
  );
}
