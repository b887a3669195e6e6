# gensynth_embed(TARGET FILE SYMBOL): compiles a text file into TARGET, so that the program runs from anywhere. Read it as
#   namespace gensynth::embedded { extern const std::string_view SYMBOL; }
# A change of the file rebuilds one object. The same file, run as a script, writes the source.

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${INPUT}" content)
  set(delimiter EMBEDDED_TEXT)
  if(content MATCHES "\\)${delimiter}\"")
    message(FATAL_ERROR "${INPUT}: contains )${delimiter}\", which ends the string it is embedded in")
  endif()
  file(WRITE "${OUTPUT}" "#include <string_view>

namespace gensynth::embedded {
extern const std::string_view ${SYMBOL};
constexpr char ${SYMBOL}_text[] = R\"${delimiter}(${content})${delimiter}\";
constexpr std::string_view ${SYMBOL}(${SYMBOL}_text, sizeof ${SYMBOL}_text - 1);
}  // namespace gensynth::embedded
")
  return()
endif()

set(GENSYNTH_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE} CACHE INTERNAL "Writes the sources of embedded files")

function(gensynth_embed target file symbol)
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE input)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DSYMBOL=${symbol} -P ${GENSYNTH_EMBED_SCRIPT}
    DEPENDS ${input} ${GENSYNTH_EMBED_SCRIPT}
    COMMENT "Embedding ${file}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
