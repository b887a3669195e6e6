#pragma once

#include <string>

namespace gensynth {

/// The stages of the evaluation of a candidate, in order. The names sort alphabetically in the same order, which
/// stores rely on.
enum class Stage {
  none,     ///< not checked yet
  graph,    ///< counted from the architecture
  latency,  ///< predicted without training
  plugin,   ///< constraints of plugins
  probe,    ///< measured on the untrained network
  proxy     ///< measured by proxy training
};

const char* to_string(Stage stage);  ///< "" for `none`

/// Throws Error (environment: stores and messages contain the names) for an unknown name.
Stage stage_from_string(const std::string& name);

}  // namespace gensynth
