#include <dlfcn.h>
#include <onnxruntime_c_api.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "architecture/base/error.hpp"
#include "runtime/onnx/run_backend.hpp"

// Built where onnxruntime_c_api.h is installed; the library is opened on first use.

namespace gensynth::onnx {
namespace {

/// The names of the library: Debian's ends in the release of the header, the official one in its first number.
std::vector<std::string> library_names() {
  if (const auto named = named_in_environment("GENSYNTH_ONNXRUNTIME_LIBRARY")) return {*named};
  return {"libonnxruntime.so.1." + std::to_string(ORT_API_VERSION), "libonnxruntime.so.1", "libonnxruntime.so"};
}

const OrtApiBase* open_library(std::string& why_not) {
  for (const std::string& name : library_names()) {
    void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      why_not = dlerror();
      continue;
    }
    using GetApiBase = const OrtApiBase* (*)();
    if (const auto get = reinterpret_cast<GetApiBase>(dlsym(library, "OrtGetApiBase"))) return get();
    why_not = name + " has no OrtGetApiBase";
  }
  return nullptr;
}

/// Returns null, with the reason, when no library fits the header; throws Error if the user named one.
const OrtApi* open_api(std::string& version, std::string& why_not) {
  const OrtApi* api = nullptr;
  if (const OrtApiBase* base = open_library(why_not)) {
    version = std::string("onnxruntime ") + base->GetVersionString();
    api = base->GetApi(ORT_API_VERSION);
    if (api == nullptr) why_not = version + " is older than the header built with";
  }
  if (api == nullptr && named_in_environment("GENSYNTH_ONNXRUNTIME_LIBRARY")) {
    throw Error("GENSYNTH_ONNXRUNTIME_LIBRARY: " + why_not, ErrorKind::environment);
  }
  return api;
}

/// Debian's ONNX Runtime shares libonnx with this program, and libonnx prints on std::cerr for every schema that it is
/// registered already. Errors in a model are returned as a status.
class WithoutComplaints {
 public:
  WithoutComplaints() : before_(std::cerr.rdbuf(taken_.rdbuf())) {}
  ~WithoutComplaints() { std::cerr.rdbuf(before_); }
  WithoutComplaints(const WithoutComplaints&) = delete;
  WithoutComplaints& operator=(const WithoutComplaints&) = delete;

 private:
  std::ostringstream taken_;
  std::streambuf* before_;
};

/// Owns one of the runtime's objects.
template <class T>
using Owned = std::unique_ptr<T, std::function<void(T*)>>;

class Session {
 public:
  Session(const OrtApi& api, const OnnxCall& call) : api_(api), call_(call) {
    const WithoutComplaints quiet;
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
    OrtAllocator* allocator = nullptr;
    check(api.GetAllocatorWithDefaultOptions(&allocator));
    const auto taken = [&](char* name) {
      std::string copy = name;
      check(api.AllocatorFree(allocator, name));
      return copy;
    };
    char* name = nullptr;
    check(api.SessionGetInputName(session, 0, allocator, &name));
    input_name_ = taken(name);
    check(api.SessionGetOutputName(session, 0, allocator, &name));
    output_name_ = taken(name);
  }

  std::vector<float> run(const std::vector<float>& image) const {
    OrtValue* input = nullptr;
    const bool bytes = call_.element == Element::uint8;
    std::vector<std::uint8_t> small;
    if (bytes) {
      for (const float value : image) small.push_back(static_cast<std::uint8_t>(value));
    }
    void* data_in = bytes ? static_cast<void*>(small.data()) : const_cast<float*>(image.data());
    check(api_.CreateTensorWithDataAsOrtValue(
        memory_.get(), data_in, bytes ? small.size() : image.size() * sizeof(float), call_.shape.data(),
        call_.shape.size(), bytes ? ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 : ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &input));
    const auto release = [this](OrtValue* p) { api_.ReleaseValue(p); };
    const Owned<OrtValue> input_guard{input, release};
    const char* input_name = input_name_.c_str();
    const char* output_name = output_name_.c_str();
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
    throw Error(call_.model_path + ": ONNX Runtime failed: " + message, ErrorKind::environment);
  }

  const OrtApi& api_;
  const OnnxCall& call_;
  OrtEnv* raw_env_ = nullptr;
  Owned<OrtEnv> env_;
  Owned<OrtSession> session_;
  Owned<OrtMemoryInfo> memory_;
  std::string input_name_;
  std::string output_name_;
};

}  // namespace

std::optional<OnnxRun> run_onnx_in_process(const OnnxCall& call, std::string& why_not) {
  OnnxRun run;
  const OrtApi* api = open_api(run.runtime, why_not);
  if (api == nullptr) return std::nullopt;
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

std::optional<timing::TimingSamples> time_onnx_in_process(const OnnxCall& call, const timing::TimingOptions& options,
                                                          std::string& why_not) {
  std::string version;
  const OrtApi* api = open_api(version, why_not);
  if (api == nullptr) return std::nullopt;
  const Session session(*api, call);
  timing::TimingSamples samples = timing::time_repeatedly(options, [&] { session.run(call.inputs.front()); });
  samples.runtime = version;
  return samples;
}

}  // namespace gensynth::onnx
