/** Work split over threads, with results that do not depend on their number. */
package io.vitj.tensor.parallel;
