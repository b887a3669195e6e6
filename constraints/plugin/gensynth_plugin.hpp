#pragma once

#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gensynth_plugin.h"

/// Constraint plugins in C++: write a class, name it in GENSYNTH_PLUGIN, and build a shared library. A plugin needs
/// this folder, nlohmann/json and the standard library, and links no library of gensynth.
///
///     class MaxVertices : public gensynth::plugin::Constraint {
///      public:
///       static gensynth::plugin::Info describe();
///       explicit MaxVertices(const json& parameters);
///       gensynth::plugin::Verdict check(const json& architecture, const json& metrics) const override;
///     };
///     GENSYNTH_PLUGIN(MaxVertices)
namespace gensynth::plugin {

using nlohmann::json;

struct Parameter {
  std::string name;
  std::string type = "number";       ///< number, integer, boolean, string
  json fallback;                     ///< null: the user must give a value
  double low = 0, high = 0;          ///< for numbers, when low < high
  std::vector<std::string> choices;  ///< for strings, when not empty
  std::string help;
};

struct Info {
  std::string name;
  std::string summary;               ///< one line
  std::string description;           ///< what is measured and how
  std::string cost_class = "graph";  ///< graph, latency, proxy, full: when its metrics are known
  bool hard = true;                  ///< the default of the job's "hard"
  std::vector<Parameter> parameters;
};

struct Verdict {
  double measured = 0;
  double bound = 0;
  std::string unit;
  double violation = 0;               ///< distance to the bound, >= 0: satisfied when it is 0
  std::vector<std::string> vertices;  ///< the vertices to blame, by id
  std::string message;                ///< one line for a person
};

/// Immutable: it is called from many threads at once. Its exceptions are reported with the plugin's name. A class
/// overrides one of the two functions.
class Constraint {
 public:
  virtual ~Constraint() = default;
  /// The architecture is in the "gensynth.architecture" format with the vertices in topological order; a metric is
  /// an object with "value", "unit", "provenance", "source" and, where predicted, "low" and "high".
  virtual Verdict check(const json& architecture, const json& metrics) const {
    (void)architecture;
    (void)metrics;
    throw std::logic_error("the constraint overrides neither check nor check_vertices");
  }
  /// `vertices`: shape and cost of each vertex, in the order of the architecture's: "id"; "shape", [channels, height,
  /// width] of a map, [groups, tokens, channels] or [channels]; "params"; "macs" of one inference; "output_bytes" in
  /// FP32.
  virtual Verdict check_vertices(const json& architecture, const json& metrics, const json& vertices) const {
    (void)vertices;
    return check(architecture, metrics);
  }
};

namespace detail {

/// Runs `body`; reports an exception to the host and then returns null or false.
template <class Body>
auto guarded(const GensynthHost* host, Body body) noexcept -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& error) {
    host->fail(host, error.what());
  } catch (...) {
    host->fail(host, "an exception that is no std::exception");
  }
  return {};
}

inline json to_json(const Info& info) {
  json parameters = json::array();
  for (const Parameter& parameter : info.parameters) {
    parameters.push_back({{"name", parameter.name},
                          {"type", parameter.type},
                          {"default", parameter.fallback},
                          {"low", parameter.low},
                          {"high", parameter.high},
                          {"choices", parameter.choices},
                          {"help", parameter.help}});
  }
  return {{"name", info.name},
          {"summary", info.summary},
          {"description", info.description},
          {"cost_class", info.cost_class},
          {"hard", info.hard},
          {"parameters", std::move(parameters)}};
}

inline json to_json(const Verdict& verdict) {
  return {{"measured", verdict.measured},   {"bound", verdict.bound},       {"unit", verdict.unit},
          {"violation", verdict.violation}, {"vertices", verdict.vertices}, {"message", verdict.message}};
}

template <class Kind>
bool add(const GensynthHost* host) {
  const std::string info = to_json(Kind::describe()).dump();
  GensynthConstraintKind kind{};
  kind.version = GENSYNTH_PLUGIN_VERSION;
  kind.size = sizeof kind;
  kind.info_json = info.c_str();
  kind.create = [](void*, const GensynthHost* at, const char* parameters) -> void* {
    return guarded(at, [&]() -> void* {
      std::unique_ptr<Constraint> made = std::make_unique<Kind>(json::parse(parameters));
      return made.release();
    });
  };
  kind.check = [](void* constraint, const GensynthHost* at, const char* architecture, const char* metrics) -> char* {
    return guarded(at, [&]() -> char* {
      const auto* judge = static_cast<const Constraint*>(constraint);
      const Verdict verdict = judge->check(json::parse(architecture), json::parse(metrics));
      return at->copy_text(at, to_json(verdict).dump().c_str());
    });
  };
  kind.check_vertices = [](void* constraint, const GensynthHost* at, const char* architecture, const char* metrics,
                           const char* vertices) -> char* {
    return guarded(at, [&]() -> char* {
      const auto* judge = static_cast<const Constraint*>(constraint);
      const Verdict verdict =
          judge->check_vertices(json::parse(architecture), json::parse(metrics), json::parse(vertices));
      return at->copy_text(at, to_json(verdict).dump().c_str());
    });
  };
  kind.destroy = [](void* constraint) { delete static_cast<Constraint*>(constraint); };
  return host->add_constraint(host, &kind) == 0;
}

template <class... Kinds>
int add_all(const GensynthHost* host) noexcept {
  return guarded(host, [&] { return (add<Kinds>(host) && ...); }) ? 0 : 1;
}

}  // namespace detail
}  // namespace gensynth::plugin

/// The plugin's entry point, with one or more classes derived from Constraint.
#define GENSYNTH_PLUGIN(...)                                                           \
  extern "C" GENSYNTH_PLUGIN_EXPORT int gensynth_plugin_v1(const GensynthHost* host) { \
    return ::gensynth::plugin::detail::add_all<__VA_ARGS__>(host);                     \
  }
