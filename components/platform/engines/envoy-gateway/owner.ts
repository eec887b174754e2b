import { routeName } from "../../../app/model/names";
import type { AppModel, WorkloadModel } from "../../../app/model/types";
import type { Route } from "./address";

/** The first of an app's addresses with a host. */
interface HostOwner {
  readonly workload: WorkloadModel;
  readonly expose: Route;
  /** Name of its route. */
  readonly name: string;
}

/** Who brings the listener and the certificate of a host that several addresses of an app share: the first of them. */
export function ownerOfHost(app: AppModel, host: string): HostOwner | undefined {
  return app.workloads
    .flatMap((workload) => {
      const exposed = "expose" in workload ? workload.expose : [];
      const routes = exposed.filter((expose): expose is Route => expose.type === "route");
      return routes.map((expose, index) => ({ workload, expose, name: routeName(workload.objectName, index) }));
    })
    .find(({ expose }) => expose.host === host);
}
