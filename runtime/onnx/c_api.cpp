#include <dlfcn.h>
#include <onnxruntime_c_api.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>

#include "architecture/error.hpp"
#include "runtime/onnx/run_backend.hpp"

// Built where onnxruntime_c_api.h is there; the library is opened when it is first needed.

namespace gensynth {
namespace {

const OrtApiBase* open_library(std::string& why_not) {
  const char* named = std::getenv("GENSYNTH_ONNXRUNTIME_LIBRARY");
  const bool given = named != nullptr && *named != '\0';
  void* library = dlopen(given ? named : "libonnxruntime.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr && !given) library = dlopen("libonnxruntime.so", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    why_not = dlerror();
    if (given) throw Error(std::string("GENSYNTH_ONNXRUNTIME_LIBRARY: ") + why_not);
    return nullptr;
  }
  using GetApiBase = const OrtApiBase* (*)();
  const auto get = reinterpret_cast<GetApiBase>(dlsym(library, "OrtGetApiBase"));
  if (get == nullptr) {
    why_not = "libonnxruntime has no OrtGetApiBase";
    return nullptr;
  }
  return get();
}

/// False, with the reason, when there is no library that suits the header.
bool open_api(const OrtApi*& api, std::string& version, std::string& why_not) {
  const OrtApiBase* base = open_library(why_not);
  if (base == nullptr) return false;
  version = std::string("onnxruntime ") + base->GetVersionString();
  api = base->GetApi(ORT_API_VERSION);
  if (api == nullptr) why_not = version + " is older than the header built with";
  return api != nullptr;
}

/// Owns one of the runtime's objects.
template <class T>
using Owned = std::unique_ptr<T, std::function<void(T*)>>;

class Session {
 public:
  Session(const OrtApi& api, const OnnxCall& call) : api_(api), call_(call) {
    check(api.CreateEnv(ORT_LOGGING_LEVEL_ERROR, "gensynth", &raw_env_));
    env_ = {raw_env_, [&api](OrtEnv* p) { api.ReleaseEnv(p); }};
    OrtSessionOptions* options = nullptr;
    check(api.CreateSessionOptions(&options));
    const Owned<OrtSessionOptions> options_guard{options, [&api](auto* p) { api.ReleaseSessionOptions(p); }};
    check(api.SetIntraOpNumThreads(options, call.threads));
    OrtSession* session = nullptr;
    check(api.CreateSession(raw_env_, call.model_path.c_str(), options, &session));
    session_ = {session, [&api](OrtSession* p) { api.ReleaseSession(p); }};
    OrtMemoryInfo* memory = nullptr;
    check(api.CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
    memory_ = {memory, [&api](OrtMemoryInfo* p) { api.ReleaseMemoryInfo(p); }};
  }

  std::vector<float> run(const std::vector<float>& image) const {
    OrtValue* input = nullptr;
    check(api_.CreateTensorWithDataAsOrtValue(memory_.get(), const_cast<float*>(image.data()),
                                              image.size() * sizeof(float), call_.shape.data(), call_.shape.size(),
                                              ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &input));
    const auto release = [this](OrtValue* p) { api_.ReleaseValue(p); };
    const Owned<OrtValue> input_guard{input, release};
    const char* input_name = "images";
    const char* output_name = "scores";
    const OrtValue* given = input;
    OrtValue* output = nullptr;
    check(api_.Run(session_.get(), nullptr, &input_name, &given, 1, &output_name, 1, &output));
    const Owned<OrtValue> output_guard{output, release};
    OrtTensorTypeAndShapeInfo* info = nullptr;
    check(api_.GetTensorTypeAndShape(output, &info));
    const Owned<OrtTensorTypeAndShapeInfo> info_guard{info, [this](auto* p) { api_.ReleaseTensorTypeAndShapeInfo(p); }};
    std::size_t elements = 0;
    check(api_.GetTensorShapeElementCount(info, &elements));
    void* data = nullptr;
    check(api_.GetTensorMutableData(output, &data));
    const auto* values = static_cast<const float*>(data);
    return {values, values + elements};
  }

 private:
  void check(OrtStatus* status) const {
    if (status == nullptr) return;
    const std::string message = api_.GetErrorMessage(status);
    api_.ReleaseStatus(status);
    throw Error(call_.model_path + ": ONNX Runtime failed: " + message);
  }

  const OrtApi& api_;
  const OnnxCall& call_;
  OrtEnv* raw_env_ = nullptr;
  Owned<OrtEnv> env_;
  Owned<OrtSession> session_;
  Owned<OrtMemoryInfo> memory_;
};

}  // namespace

std::optional<OnnxRun> run_onnx_in_process(const OnnxCall& call, std::string& why_not) {
  const OrtApi* api = nullptr;
  OnnxRun run;
  if (!open_api(api, run.runtime, why_not)) return std::nullopt;
  const Session session(*api, call);
  if (!call.inputs.empty()) session.run(call.inputs.front());
  for (const auto& image : call.inputs) {
    const auto start = std::chrono::steady_clock::now();
    run.outputs.push_back(session.run(image));
    run.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return run;
}

std::optional<TimingSamples> time_onnx_in_process(const OnnxCall& call, const TimingOptions& options,
                                                  std::string& why_not) {
  const OrtApi* api = nullptr;
  std::string version;
  if (!open_api(api, version, why_not)) return std::nullopt;
  const Session session(*api, call);
  TimingSamples samples = time_repeatedly(options, [&] { session.run(call.inputs.front()); });
  samples.runtime = version;
  return samples;
}

}  // namespace gensynth
