package io.firn.bench.kernels;

import io.github.jbellis.jvector.vector.VectorUtil;

/** The peers' float32 kernels, named by a parameter: each JVM measures one. */
public enum PeerMetric {
  LUCENE_L2 {
    @Override
    float one(HeapRows data, int row) {
      return org.apache.lucene.util.VectorUtil.squareDistance(data.query, data.rows[row]);
    }
  },
  LUCENE_PRODUCT {
    @Override
    float one(HeapRows data, int row) {
      return org.apache.lucene.util.VectorUtil.dotProduct(data.query, data.rows[row]);
    }
  },
  LUCENE_COSINE {
    @Override
    float one(HeapRows data, int row) {
      return org.apache.lucene.util.VectorUtil.cosine(data.query, data.rows[row]);
    }
  },
  JVECTOR_L2 {
    @Override
    float one(HeapRows data, int row) {
      return VectorUtil.squareL2Distance(data.jvectorQuery, data.jvectorRows[row]);
    }
  },
  JVECTOR_PRODUCT {
    @Override
    float one(HeapRows data, int row) {
      return VectorUtil.dotProduct(data.jvectorQuery, data.jvectorRows[row]);
    }
  },
  JVECTOR_COSINE {
    @Override
    float one(HeapRows data, int row) {
      return VectorUtil.cosine(data.jvectorQuery, data.jvectorRows[row]);
    }
  };

  abstract float one(HeapRows data, int row);
}
