/** Firn as an embedding store of LangChain4j. */
@NullMarked
package io.firn.langchain4j;

import org.jspecify.annotations.NullMarked;
