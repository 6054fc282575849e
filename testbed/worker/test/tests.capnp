# The worker's unit tests, for `workerd test`: each export of tests.ts with a `test` is one.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [
  (name = "tests", worker = (
    modules = .tests, compatibilityDate = .date, globalOutbound = "origin",
    bindings = [
      (name = "PER_KEY", service = "per-key"), (name = "GLOBAL", service = "global"),
      (name = "MUTEX", service = "mutex"), (name = "STORAGE", service = "storage"),
      (name = "MUTEX_RPC", service = "mutex-rpc"),
      (name = "MUTEX_THROWS", service = "mutex-throws"),
      (name = "MUTEX_RESETS", service = "mutex-resets"),
    ])),
  (name = "origin", worker = (
    modules = [(name = "origin", esModule = embed "../../build/test/test/origin.js")],
    compatibilityDate = .date)),
  (name = "per-key", worker = (
    modules = .worker, compatibilityDate = .date, globalOutbound = "origin",
    durableObjectNamespaces = .namespaces, durableObjectStorage = (inMemory = void),
    bindings = [.objects, .url, (name = "PATH", json =
      "[{\"kind\": \"durable_object\", \"id_from\": \"key\", \"gate\": \"input_gate\", \"cleanup\": \"finally\", \"hop_ms\": 0}, {\"kind\": \"origin\"}]")])),
  (name = "global", worker = (
    modules = .worker, compatibilityDate = .date, globalOutbound = "origin",
    durableObjectNamespaces = .namespaces, durableObjectStorage = (inMemory = void),
    bindings = [.objects, .url, (name = "PATH", json =
      "[{\"kind\": \"durable_object\", \"id_from\": \"global\", \"gate\": \"input_gate\", \"cleanup\": \"finally\", \"hop_ms\": 0}, {\"kind\": \"origin\"}]")])),
  (name = "mutex", worker = (
    modules = .worker, compatibilityDate = .date, globalOutbound = "origin",
    durableObjectNamespaces = .namespaces, durableObjectStorage = (inMemory = void),
    bindings = [.objects, .url, (name = "PATH", json =
      "[{\"kind\": \"durable_object\", \"id_from\": \"global\", \"gate\": \"block_concurrency\", \"cleanup\": \"finally\", \"hop_ms\": 0}, {\"kind\": \"origin\"}]")])),
  (name = "storage", worker = (
    modules = .worker, compatibilityDate = .date, globalOutbound = "origin",
    durableObjectNamespaces = .namespaces, durableObjectStorage = (inMemory = void),
    bindings = [.objects, .url, (name = "PATH", json =
      "[{\"kind\": \"durable_object\", \"id_from\": \"global\", \"gate\": \"input_gate\", \"cleanup\": \"finally\", \"hop_ms\": 0, \"storage_ms\": 40}, {\"kind\": \"origin\"}]")])),
  (name = "mutex-rpc", worker = (
    modules = .worker, compatibilityDate = .date, globalOutbound = "origin",
    durableObjectNamespaces = .namespaces, durableObjectStorage = (inMemory = void),
    bindings = [.objects, .url, (name = "PATH", json =
      "[{\"kind\": \"durable_object\", \"id_from\": \"global\", \"gate\": \"block_concurrency\", \"cleanup\": \"finally\", \"hop_ms\": 0, \"called_by\": \"rpc\"}, {\"kind\": \"origin\"}]")])),
  (name = "mutex-throws", worker = (
    modules = .worker, compatibilityDate = .date, globalOutbound = "origin",
    durableObjectNamespaces = .namespaces, durableObjectStorage = (inMemory = void),
    bindings = [.objects, .url, (name = "PATH", json =
      "[{\"kind\": \"durable_object\", \"id_from\": \"global\", \"gate\": \"block_concurrency\", \"cleanup\": \"finally\", \"hop_ms\": 0, \"on_error\": \"throws\"}, {\"kind\": \"origin\"}]")])),
  (name = "mutex-resets", worker = (
    modules = .worker, compatibilityDate = .date, globalOutbound = "origin",
    durableObjectNamespaces = .namespaces, durableObjectStorage = (inMemory = void),
    bindings = [.objects, .url, (name = "PATH", json =
      "[{\"kind\": \"durable_object\", \"id_from\": \"global\", \"gate\": \"block_concurrency\", \"cleanup\": \"finally\", \"hop_ms\": 0, \"on_error\": \"resets\"}, {\"kind\": \"origin\"}]")])),
]);

const date :Text = "2026-10-01";
const url :Workerd.Worker.Binding = (name = "ORIGIN", text = "http://origin");
const objects :Workerd.Worker.Binding =
  (name = "COALESCER", durableObjectNamespace = "Coalescer");
const namespaces :List(Workerd.Worker.DurableObjectNamespace) =
  [(className = "Coalescer", uniqueKey = "coalescer")];

const answer :Workerd.Worker.Module =
  (name = "src/answer", esModule = embed "../../build/test/src/answer.js");
const coalescer :Workerd.Worker.Module =
  (name = "src/coalescer", esModule = embed "../../build/test/src/coalescer.js");
const flights :Workerd.Worker.Module =
  (name = "src/flights", esModule = embed "../../build/test/src/flights.js");
const layers :Workerd.Worker.Module =
  (name = "src/layers", esModule = embed "../../build/test/src/layers.js");
const path :Workerd.Worker.Module =
  (name = "src/path", esModule = embed "../../build/test/src/path.js");

const worker :List(Workerd.Worker.Module) = [
  (name = "src/entry", esModule = embed "../../build/test/src/entry.js"),
  .answer, .coalescer, .flights, .layers, .path,
];
const tests :List(Workerd.Worker.Module) = [
  (name = "test/tests", esModule = embed "../../build/test/test/tests.js"),
  (name = "test/answer.test", esModule = embed "../../build/test/test/answer.test.js"),
  (name = "test/builders", esModule = embed "../../build/test/test/builders.js"),
  (name = "test/coalescer.test", esModule = embed "../../build/test/test/coalescer.test.js"),
  (name = "test/flights.test", esModule = embed "../../build/test/test/flights.test.js"),
  (name = "test/layers.test", esModule = embed "../../build/test/test/layers.test.js"),
  (name = "test/path.test", esModule = embed "../../build/test/test/path.test.js"),
  .answer, .coalescer, .flights, .layers, .path,
];
