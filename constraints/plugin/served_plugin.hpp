#pragma once

#include <string>

namespace gensynth::plugin {

/// The main loop of a helper process: loads the library at `path` and answers requests until the other side has ended.
///     {}                                      -> {"ok", DESCRIPTION, ...}
///     {"create", KIND, WHO, PARAMETERS}       -> {"ok", NUMBER}
///     {"check", NUMBER, ARCHITECTURE, METRICS} -> {"ok", VERDICT}
///     {"destroy", NUMBER}                     -> {"ok"}
/// or {"error", MESSAGE}.
void serve_plugin(const std::string& path, int socket);

}  // namespace gensynth::plugin
