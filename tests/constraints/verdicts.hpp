#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "constraints/registry/registry.hpp"

namespace gensynth::testing {

/// The verdict of one constraint that is given as an entry of a job.
inline constraints::Verdict judge(const nlohmann::json& entry, const Architecture& net, const Metrics& metrics = {}) {
  registry::ConstraintRegistry registry;
  return registry.create(entry, "test", "")->check(net, metrics);
}

inline std::vector<std::string> blamed(const constraints::Verdict& verdict, const Architecture& net) {
  std::vector<std::string> result;
  for (const int v : verdict.vertices) result.push_back(net[v].id);
  return result;
}

/// The message of the exception of the call, or "" if it throws none.
template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace gensynth::testing
