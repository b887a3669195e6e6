#include "runtime/tflite/model.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "architecture/base/error.hpp"

namespace gensynth::tflite {
namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 31;  // offsets in the format are signed 32-bit numbers

/// Removes the items that are not kept; the new index of each, -1 for a removed one.
template <class Item>
std::vector<std::int32_t> compact(std::vector<Item>& items, const std::vector<bool>& kept) {
  std::vector<std::int32_t> place(items.size(), -1);
  std::size_t next = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!kept[i]) continue;
    place[i] = static_cast<std::int32_t>(next);
    if (next != i) items[next] = std::move(items[i]);
    ++next;
  }
  items.resize(next);
  return place;
}

void move_to(std::vector<std::int32_t>& indices, const std::vector<std::int32_t>& place) {
  for (auto& index : indices) {
    if (index >= 0) index = place[static_cast<std::size_t>(index)];
  }
}

}  // namespace

void remove_unused(format::ModelT& model) {
  format::SubGraphT& graph = *model.subgraphs[0];
  std::vector<bool> used(graph.tensors.size(), false);
  const auto mark = [&](const std::vector<std::int32_t>& indices) {
    for (const auto index : indices) {
      if (index >= 0) used[static_cast<std::size_t>(index)] = true;
    }
  };
  mark(graph.inputs);
  mark(graph.outputs);
  for (const auto& op : graph.operators) {
    mark(op->inputs);
    mark(op->outputs);
  }
  const auto tensor_place = compact(graph.tensors, used);
  move_to(graph.inputs, tensor_place);
  move_to(graph.outputs, tensor_place);
  for (const auto& op : graph.operators) {
    move_to(op->inputs, tensor_place);
    move_to(op->outputs, tensor_place);
  }

  std::vector<bool> filled(model.buffers.size(), false);
  filled[0] = true;
  for (const auto& tensor : graph.tensors) filled[tensor->buffer] = true;
  for (const auto& entry : model.metadata) filled[entry->buffer] = true;
  const auto buffer_place = compact(model.buffers, filled);
  for (const auto& tensor : graph.tensors) tensor->buffer = static_cast<std::uint32_t>(buffer_place[tensor->buffer]);
  for (const auto& entry : model.metadata) entry->buffer = static_cast<std::uint32_t>(buffer_place[entry->buffer]);

  std::vector<bool> named(model.operator_codes.size(), false);
  for (const auto& op : graph.operators) named[op->opcode_index] = true;
  const auto code_place = compact(model.operator_codes, named);
  for (const auto& op : graph.operators) op->opcode_index = static_cast<std::uint32_t>(code_place[op->opcode_index]);
}

format::BuiltinOperator code_of(const format::ModelT& model, const format::OperatorT& op) {
  return model.operator_codes[op.opcode_index]->builtin_code;
}

std::uint32_t code_index(format::ModelT& model, format::BuiltinOperator code, int version) {
  auto& codes = model.operator_codes;
  const auto found = std::ranges::find_if(
      codes, [&](const auto& entry) { return entry->builtin_code == code && entry->version == version; });
  if (found != codes.end()) return static_cast<std::uint32_t>(found - codes.begin());
  constexpr int kLargestOldCode = 127;
  auto entry = std::make_unique<format::OperatorCodeT>();
  entry->builtin_code = code;
  entry->deprecated_builtin_code = static_cast<std::int8_t>(std::min(static_cast<int>(code), kLargestOldCode));
  entry->version = version;
  codes.push_back(std::move(entry));
  return static_cast<std::uint32_t>(codes.size() - 1);
}

bool is_model(const std::string& bytes) {
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return format::VerifyModelBuffer(verifier);
}

std::string serialize(const format::ModelT& model) {
  std::uint64_t stored = 0;
  for (const auto& buffer : model.buffers) stored += buffer->data.size();
  if (stored >= kLargestFile) {
    throw Error("tflite: the weights take " + std::to_string(stored) + " bytes; the format holds less than 2 GiB");
  }
  flatbuffers::FlatBufferBuilder builder(static_cast<std::size_t>(stored) + 65536);
  format::FinishModelBuffer(builder, format::Model::Pack(builder, &model));
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

}  // namespace gensynth::tflite
